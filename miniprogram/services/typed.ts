/** What people type, as the server takes it. */

/** Line ends, tabs and whatever else a keyboard or a clipboard brings that is no letter. */
const CONTROL = /\s*[\u0000-\u001f\u007f-\u009f\u2028\u2029]\s*/g;

/** Words in one line: what is stored as a label has no line ends. */
export function oneLine(typed: string): string {
  return typed.replace(CONTROL, ' ').trim();
}
