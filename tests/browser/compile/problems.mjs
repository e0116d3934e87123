/** What is wrong with an app, collected so that one build names every problem and not only the first. */
export class Problems {
  #found = [];

  /** @param {string} file path inside the package  @param {string} message  @param {number} [line] from 1 */
  add(file, message, line) {
    const text = `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
    if (!this.#found.includes(text)) this.#found.push(text);
  }

  throwIfAny() {
    if (this.#found.length > 0) throw new BuildError(this.#found);
  }
}

/** The app cannot be run. `problems` has one line for each thing to mend. */
export class BuildError extends Error {
  /** @param {string[]} problems */
  constructor(problems) {
    super(`the mini program does not build:\n  ${problems.join('\n  ')}`);
    this.name = 'BuildError';
    this.problems = problems;
  }
}
