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
    file: /decimal\.js-light[\\/]decimal\.mjs$/,
    from: 'P = {};',
    to: 'P = { constructor: undefined, toString: undefined, valueOf: undefined };',
  },
];

export function frozenPrototype(): Plugin {
  return {
    name: 'drawbridge-frozen-prototype',
    transform(code, id) {
      const path = id.split('?')[0] ?? id;
      const one = ASSIGNMENTS.find(({ file }) => file.test(path));
      if (!one) return null;
      if (!code.includes(one.from)) {
        this.error(`${path} is not as it was: see whether it still works where Object.prototype is frozen`);
      }
      return { code: code.replace(one.from, () => one.to), map: null };
    },
  };
}
