import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
// Plain JavaScript, since a clone without its packages runs it.
const plan = (await import(join(root, 'test/scripts/plan.mjs'))) as {
  SCRIPTS: Record<string, object>;
  COMMANDS: Record<string, { host?: string | true; guest?: true; script?: string; needs?: string }>;
  commandsOf: (text: string) => string[];
  scriptsOf: (text: string) => string[];
};
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

describe('what README and the documents tell people to type', () => {
  it('are scripts that there are, each of which npm run test:scripts starts', () => {
    const named = documents.flatMap((file) => plan.scriptsOf(read(file)));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(named.filter((name) => !(name in plan.SCRIPTS))).toEqual([]);
    expect(Object.keys(plan.SCRIPTS).filter((name) => !(name in scripts))).toEqual([]);
  });

  it('has every test and every measurement in README', () => {
    const inReadme = new Set(plan.scriptsOf(read('README.md')));
    const all = Object.keys(scripts).filter((name) => /^(test|bench)(:|$)/.test(name));
    const oneOfNpmTest = ['test', 'test:unit', 'test:vm'];
    expect(all.filter((name) => !inReadme.has(name) && !oneOfNpmTest.includes(name))).toEqual([]);
  });

  it('are commands that npm run test:scripts runs, or of which it says what they need', () => {
    const commands = [...new Set(documents.flatMap((file) => plan.commandsOf(read(file))))];
    const todo = 'say in test/scripts/plan.mjs how npm run test:scripts runs it';
    expect(
      commands.filter((command) => !(command in plan.COMMANDS)),
      todo,
    ).toEqual([]);
    const gone = Object.keys(plan.COMMANDS).filter((command) => !commands.includes(command));
    expect(gone, 'no document has it any more').toEqual([]);
    for (const [command, how] of Object.entries(plan.COMMANDS)) {
      expect(how.host ?? how.guest ?? how.script ?? how.needs, command).toBeTruthy();
      if (how.script) expect(plan.SCRIPTS).toHaveProperty([how.script]);
    }
  });

  it('sets up what it needs: each starts with the set-up, or is part of what does', () => {
    const own = Object.entries(scripts).filter(([name]) => name in plan.SCRIPTS);
    const without = own.filter(([, text]) => !/^bash \.ci\/(setup|demo|test)\b/.test(text));
    // These call it themselves.
    const calling = { 'test:asan': 'test/native/asan', 'test:distros': 'test/distros/walk' };
    expect(without.map(([name]) => name).sort()).toEqual([...Object.keys(calling), 'test:scripts']);
    for (const file of Object.values(calling))
      expect(read(file)).toMatch(/\.ci\/setup|npm run demo/);
  });
});
