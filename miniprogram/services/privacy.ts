/** The privacy contract that WeChat makes every mini program show. These interfaces know no promises. */

/** Opens the contract; false where it cannot be opened. */
export function openPrivacyContract(): Promise<boolean> {
  return new Promise((resolve) => wx.openPrivacyContract({ success: () => resolve(true), fail: () => resolve(false) }));
}

/** The contract's name as WeChat writes it; undefined on clients before base library 2.32.3. */
export function privacyContractName(): Promise<string | undefined> {
  return new Promise((resolve) =>
    wx.getPrivacySetting({
      success: (setting) => resolve(setting.privacyContractName),
      fail: () => resolve(undefined),
    }),
  );
}
