/** Why a call of `wx` fails. The text follows `name:fail `. */
export class WxFailure extends Error {
  /** @param {string} reason  @param {object} [fields] such as `errno` */
  constructor(reason, fields = {}) {
    super(reason);
    this.fields = fields;
  }
}
