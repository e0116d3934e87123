/** What `app.json` declares about private interfaces. Without it a phone refuses them, whoever agrees. */
import { WxFailure } from './failure.js';

let config = {};

export function useDeclarations(app) {
  config = app.config;
}

/** @param {string} name such as `getLocation`  @throws {WxFailure} */
export function requireDeclared(name) {
  if (config.requiredPrivateInfos?.includes(name)) return;
  throw new WxFailure('the api need to be declared in the requiredPrivateInfos field in app.json/ext.json');
}

/** Why the app wants a permission, in its own words; undefined when it does not say. */
export const purposeOf = (scope) => config.permission?.[scope]?.desc;
