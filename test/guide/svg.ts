// The little that the guide's pictures need of SVG: text, boxes, and colours for a light and a dark page.

/** Of groups of tasks, in their order: told apart by people who do not see all colours alike. */
export const COLOURS: readonly string[] = [
  ...['#4477aa', '#ee8866', '#228833', '#aa3377', '#ccaa22', '#66ccee', '#bb5555', '#777777'],
];

const STYLE = `text{font:12px system-ui,sans-serif;fill:#24292f}.h{font-weight:600}.s{font-size:11px;fill:#57606a}.in{fill:#fff}.l{stroke:#8c959f}.e{fill:#eaeef2}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9da7b1}.in{fill:#fff}.l{stroke:#6e7681}.e{fill:#21262d}}`;

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

const number = (n: number): string => String(Math.round(n * 10) / 10);

type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? number(value) : escaped(value)}"`,
  );
  return `<${name}${list.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

export const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(text));

export const box = (x: number, y: number, width: number, height: number, of: Attributes): string =>
  element('rect', { x, y, width, height, ...of });

/** About what a text of 12 px takes. */
export const widthOf = (text: string): number => text.length * 6.7;

/** `facts` is what a picture shows, for the test that it is still so. */
export function picture(
  size: { width: number; height: number },
  title: string,
  body: readonly string[],
  facts: unknown,
): string {
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(width)} ${number(height)}" width="${number(width)}" height="${number(height)}" role="img">
<title>${escaped(title)}</title>
<metadata>${escaped(JSON.stringify(facts))}</metadata>
<style>${STYLE}</style>
${body.join('\n')}
</svg>
`;
}

/** The facts of a picture. */
export function factsOf(svg: string): unknown {
  const found = /<metadata>(.*)<\/metadata>/.exec(svg)?.[1] ?? 'null';
  const plain = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' } as const;
  return JSON.parse(found.replace(/&\w+;/g, (entity) => plain[entity as keyof typeof plain]));
}
