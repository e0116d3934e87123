/**
 * WXS is nearly JavaScript. Three differences matter:
 * - a backslash that begins no known escape stays in a string, which the patterns given to `getRegExp` rely on;
 * - `x.constructor` is the name of a type as text;
 * - `require` names a file, where the template compiler wants the name without extension.
 */
export function toJavaScript(source) {
  return source
    .replace(/getRegExp\(\s*(['"])((?:\\.|(?!\1).)*)\1/g, (_, quote, pattern) => {
      const kept = pattern.replace(/\\(.)/g, (escape, next) => (`\\'"`.includes(next) ? escape : `\\${escape}`));
      return `getRegExp(${quote}${kept}${quote}`;
    })
    .replace(/\.constructor\b/g, '.__wxsConstructor')
    .replace(/(require\(\s*['"][^'"]+?)\.wxs(['"])/g, '$1$2');
}

/** The files a WXS script requires. */
export function requiredBy(source) {
  return [...source.matchAll(/require\(\s*['"](.+?)(?:\.wxs)?['"]\s*\)/g)].map(([, reference]) => `${reference}.wxs`);
}
