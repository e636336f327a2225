import { native, ScxtsError } from '../errors.js';
import { BpfMap, type MapParts } from './base.js';

/**
 * `arrayOfMaps` and `hashOfMaps`. An inner map that the object declares comes as that map itself, any
 * other one as a handle of its own, which is closed with this map.
 */
export class MapOfMaps<K = number, Inner extends BpfMap = BpfMap> extends BpfMap {
  private readonly siblings: () => Iterable<BpfMap>;
  private readonly made = new Map<number, BpfMap>();
  private readonly make: (parts: MapParts) => BpfMap;
  private readonly inner: MapParts['inner'];

  constructor(parts: MapParts, make: (parts: MapParts) => BpfMap) {
    super(parts);
    this.siblings = parts.siblings ?? (() => []);
    this.make = make;
    this.inner = parts.inner;
  }

  /** The inner map, or undefined if there is none. */
  get(key: K): Inner | undefined {
    this.check();
    if (!this.find(key)) return undefined;
    const id = this.scratch.value.getUint32(0, true);
    return this.byId(id) as Inner;
  }

  /** Puts a map of the same type and sizes there. */
  set(key: K, inner: Inner): void {
    this.check();
    if (!(inner instanceof BpfMap))
      throw new ScxtsError('ERR_VALUE', `${this.name} takes maps as values`);
    this.putKey(key);
    this.scratch.value.setUint32(
      0,
      native(() => inner.native.fd()),
      true,
    );
    native(() => this.handle.put(0));
  }

  delete(key: K): boolean {
    this.check();
    return this.remove(key);
  }

  private byId(id: number): BpfMap {
    const known = this.made.get(id);
    if (known) return known;
    for (const map of this.siblings()) {
      if (map !== this && map.info().id === id) {
        this.made.set(id, map);
        return map;
      }
    }
    const handle = native(() => this.backend.addon.mapById(id));
    const info = native(() => handle.info());
    const map = this.make({
      name: info.name || `${this.name}[...]`,
      handle,
      info,
      backend: this.backend,
      ...this.inner,
    });
    this.made.set(id, map);
    return map;
  }

  override close(): void {
    const siblings = new Set(this.siblings());
    for (const map of this.made.values()) if (!siblings.has(map)) map.close();
    this.made.clear();
    super.close();
  }
}
