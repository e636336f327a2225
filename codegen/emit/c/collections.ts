import type { CollectionIr, ModuleIr } from '../../ir/module.js';
import type { CollectionMethod } from '../../ir/operations.js';
import type { CType, Field, StructDef } from '../../ir/types.js';
import type { Requests } from './requests.js';

const KFUNCS: Record<CollectionMethod, string> = {
  push_front:
    'extern int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, u64 off) __ksym __weak;',
  push_back:
    'extern int bpf_list_push_back_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, u64 off) __ksym __weak;',
  pop_front:
    'extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym __weak;',
  pop_back:
    'extern struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *head) __ksym __weak;',
  add: 'extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node, bool (*less)(struct bpf_rb_node *a, const struct bpf_rb_node *b), void *meta, u64 off) __ksym __weak;',
  first: 'extern struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root) __ksym __weak;',
  remove:
    'extern struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root, struct bpf_rb_node *node) __ksym __weak;',
};

/** The inline functions through which the program uses a list or a tree; one in a value is given where it is. */
export function collectionAccessors(c: CollectionIr, requests: Requests): string[] {
  const type = `struct ${c.of.name}`;
  const link = c.shape === 'list' ? 'struct bpf_list_node' : 'struct bpf_rb_node';
  const item = `return node ? container_of(node, ${type}, ${c.node}) : NULL;`;
  const [head, own] = c.global
    ? [`&${c.name}`, []]
    : ['head', [`struct ${c.shape === 'list' ? 'bpf_list_head' : 'bpf_rb_root'} *head`]];
  const fn = (returns: string, name: string, params: string[], body: string): string =>
    `static __always_inline ${returns}${name}(${[...own, ...params].join(', ') || 'void'})\n{\n${body}\n}`;
  return requests.ofCollection(c).map((use) => {
    const name = `${c.name}_${use}`;
    const extern = KFUNCS[use];
    switch (use) {
      case 'push_front':
      case 'push_back':
        return `${extern}\n${fn('void ', name, [`${type} *item`], `\tbpf_list_${use}_impl(${head}, &item->${c.node}, NULL, 0);`)}`;
      case 'add':
        return `${extern}\nstatic bool ${c.name}_less_cb(struct bpf_rb_node *a, const struct bpf_rb_node *b);\n${fn('void ', name, [`${type} *item`], `\tbpf_rbtree_add_impl(${head}, &item->${c.node}, ${c.name}_less_cb, NULL, 0);`)}`;
      case 'remove':
        return `${extern}\n${fn(`${type} *`, name, [`${type} *item`], `\t${link} *node = bpf_rbtree_remove(${head}, &item->${c.node});\n\n\t${item}`)}`;
      default: {
        const kfunc = c.shape === 'list' ? `bpf_list_${use}` : `bpf_rbtree_${use}`;
        return `${extern}\n${fn(`${type} *`, name, [], `\t${link} *node = ${kfunc}(${head});\n\n\t${item}`)}`;
      }
    }
  });
}

/** What the kernel sets up itself in a new object. */
function isSpecial(field: Field): boolean {
  return (
    field.kptr === true || (field.type.kind === 'struct' && field.type.struct.builtin === true)
  );
}

/** One store a scalar: the verifier checks each against the field that it hits. */
function zero(place: string, type: CType): string[] {
  switch (type.kind) {
    case 'struct':
      return type.struct
        .fields()
        .filter((f) => !isSpecial(f))
        .flatMap((f) => zero(`${place}.${f.name}`, f.type));
    case 'array':
    case 'chars': {
      const element: CType =
        type.kind === 'array' ? type.of : { kind: 'int', bits: 8, signed: true };
      return Array.from({ length: type.length }, (_, i) => zero(`${place}[${i}]`, element)).flat();
    }
    default:
      return [`${place} = 0;`];
  }
}

function newAndDrop(struct: StructDef): string {
  const type = `struct ${struct.name}`;
  const plain = struct.fields().filter((f) => !isSpecial(f));
  const stores = plain.flatMap((f) => zero(`object->${f.name}`, f.type));
  const clear = stores.length
    ? `\n\tif (object) {\n${stores.map((s) => `\t\t${s}`).join('\n')}\n\t}`
    : '';
  return `static __always_inline ${type} *new_${struct.name}(void)
{
	${type} *object = bpf_obj_new_impl(bpf_core_type_id_local(${type}), NULL);
${clear}
	return object;
}

static __always_inline void scxts_cleanup_drop_${struct.name}(${type} **object)
{
	if (*object)
		bpf_obj_drop_impl(*object, NULL);
}`;
}

/** Allocation and release of the program's own objects. */
export function objectFunctions(module: ModuleIr): string[] {
  if (module.allocated.length === 0) return [];
  return [
    '/* The kernel does not clear what it allocates. */\nextern void *bpf_obj_new_impl(u64 local_type_id, void *meta) __ksym __weak;\nextern void bpf_obj_drop_impl(void *object, void *meta) __ksym __weak;',
    ...module.allocated.map(newAndDrop),
  ];
}
