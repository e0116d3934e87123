/** Who the person is, and what they allow. */
import { WxFailure } from '../failure.js';
import { authSetting, openSettings, requirePermission, SCOPES } from '../permissions.js';
import { CONTRACT, hasAgreed, onNeedPrivacyAuthorization, openContract, requirePrivacy } from '../privacy.js';
import { loginCode } from '../simulator.js';
import { asyncCall, syncCall } from './define.js';
import { isOnline } from './network.js';

asyncCall('login', async () => {
  if (!isOnline()) throw new WxFailure('network is not connected', { errno: 600001 });
  return { code: await loginCode() };
});
asyncCall('checkSession', () => undefined);

asyncCall('getSetting', () => ({ authSetting: authSetting() }));
asyncCall('openSetting', async () => ({ authSetting: await openSettings() }));
asyncCall('authorize', async ({ scope }) => {
  if (SCOPES[scope] === undefined) throw new WxFailure('invalid scope');
  await requirePrivacy('authorize');
  await requirePermission(scope);
});

asyncCall('getPrivacySetting', () => ({ needAuthorization: !hasAgreed(), privacyContractName: CONTRACT }));
asyncCall('requirePrivacyAuthorize', () => requirePrivacy('requirePrivacyAuthorize'));
asyncCall('openPrivacyContract', () => openContract());
syncCall('onNeedPrivacyAuthorization', onNeedPrivacyAuthorization);
