// What the files of a mini program refer to: a file's own imports, as written.

const patterns = {
  '.js': [/\b(?:from|import)\s*["']([^"']+)["']/g, /\brequire\(\s*["']([^"']+)["']\s*\)/g],
  '.ts': [
    /^\s*(?:import|export)\s+(?!type\b)(?:[^;'"]*?\bfrom\s*)?['"]([^'"]+)['"]/gm,
    /\brequire\(\s*['"]([^'"]+)['"]\s*\)/g,
  ],
  '.wxs': [/\brequire\(\s*["']([^"']+)["']\s*\)/g],
  '.wxml': [/<(?:import|include|wxs)\b[^>]*?\ssrc\s*=\s*["']([^"'{]+)["']/g],
  '.wxss': [/@import\s+(?:url\(\s*)?["']([^"']+)["']/g],
};

/** The references of a text, by the extension of its file. */
export function referencesOf(extension, text) {
  return (patterns[extension] ?? []).flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]));
}

/** Extensions that scripts may leave out. */
export const implied = {
  '.js': ['', '.js', '/index.js'],
  '.wxs': ['', '.wxs'],
  '.wxml': ['', '.wxml'],
  '.wxss': ['', '.wxss'],
};

/** Whether scripts look a reference up among packages and not beside the file. */
export const isBare = (reference) => !/^[./]/.test(reference);
