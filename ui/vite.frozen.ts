import type { Plugin } from 'vite';

/**
 * The window freezes `Object.prototype` (`freezePrototype` in tauri.conf.json). On an object that inherits from it, a
 * plain assignment to `constructor`, `toString` or `valueOf` then fails; these libraries make such assignments when
 * they are loaded. Each is written as a definition instead. A release that no longer has the text fails the build.
 */
const ASSIGNMENTS: ReadonlyArray<{ file: RegExp; from: string; to: string }> = [
  {
    file: /d3-color[\\/]dist[\\/]d3-color\.mjs$/,
    from: 'prototype.constructor = constructor;',
    to: "Object.defineProperty(prototype, 'constructor', { value: constructor, writable: true, configurable: true });",
  },
  {
    file: /d3-format[\\/]dist[\\/]d3-format\.mjs$/,
    from: 'FormatSpecifier.prototype.toString = function() {',
    to: "Object.defineProperty(FormatSpecifier.prototype, 'toString', { value: undefined, writable: true, configurable: true });\nFormatSpecifier.prototype.toString = function() {",
  },
  {
    file: /decimal\.js-light[\\/]decimal\.m?js$/,
    from: 'P = {};',
    to: 'P = { constructor: undefined, toString: undefined, valueOf: undefined };',
  },
];

export function frozenPrototype(): Plugin {
  const mended = new Set<RegExp>();
  return {
    name: 'drawbridge-frozen-prototype',
    transform: {
      // Asked for these files alone: a call for each of thousands would slow the build down.
      filter: { id: ASSIGNMENTS.map(({ file }) => file) },
      handler(code, id) {
        const one = ASSIGNMENTS.find(({ file }) => file.test(id));
        if (!one) return null;
        if (!code.includes(one.from)) {
          this.error(`${id} is not as it was: see whether it still works where Object.prototype is frozen`);
        }
        mended.add(one.file);
        return { code: code.replace(one.from, () => one.to), map: null };
      },
    },
    generateBundle() {
      const missed = ASSIGNMENTS.find(({ file }) => !mended.has(file));
      if (missed) this.error(`${missed.file} was not met: see what the charts are made of now`);
    },
  };
}
