/** What `app.json` has to say about location: `requiredPrivateInfos` and `permission`, with WeChat's rules for them. */

const EXACT = ['getLocation', 'onLocationChange', 'startLocationUpdate', 'startLocationUpdateBackground'];
const FUZZY = 'getFuzzyLocation';
const DECLARABLE = new Set([...EXACT, FUZZY, 'chooseLocation', 'choosePoi', 'chooseAddress']);

const SCOPES = new Set([
  'scope.userLocation',
  'scope.userFuzzyLocation',
  'scope.userLocationBackground',
  'scope.record',
  'scope.camera',
  'scope.bluetooth',
  'scope.writePhotosAlbum',
  'scope.addPhoneContact',
  'scope.addPhoneCalendar',
  'scope.werun',
]);
/** Characters. */
const LONGEST_PURPOSE = 30;

/** @param {object} json `app.json`  @param {(message: string) => void} wrong */
export function checkPrivateInterfaces({ requiredPrivateInfos, permission }, wrong) {
  checkDeclared(requiredPrivateInfos, (message) => wrong(`requiredPrivateInfos: ${message}`));
  checkPermission(permission, (message) => wrong(`permission: ${message}`));
}

function checkDeclared(declared, wrong) {
  if (declared === undefined) return;
  if (!Array.isArray(declared)) return wrong('is not an array');
  declared.forEach((name, index) => {
    if (!DECLARABLE.has(name)) wrong(`${JSON.stringify(name)} is not an interface that can be declared`);
    else if (declared.indexOf(name) !== index) wrong(`"${name}" is there twice`);
  });
  const exact = EXACT.find((name) => declared.includes(name));
  if (exact !== undefined && declared.includes(FUZZY)) wrong(`"${FUZZY}" and "${exact}" exclude each other`);
}

function checkPermission(permission, wrong) {
  if (permission === undefined) return;
  if (typeof permission !== 'object' || permission === null || Array.isArray(permission))
    return wrong('is not an object');
  for (const [scope, declared] of Object.entries(permission)) {
    const desc = declared?.desc;
    if (!SCOPES.has(scope)) wrong(`"${scope}" is not a scope`);
    else if (typeof desc !== 'string' || desc.trim() === '') wrong(`"${scope}" has no "desc"`);
    else if ([...desc].length > LONGEST_PURPOSE)
      wrong(`"desc" of "${scope}" is longer than ${LONGEST_PURPOSE} characters`);
  }
}
