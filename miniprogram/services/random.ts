/** Random bytes from the phone, in hexadecimal digits. The rules know no randomness; it comes in from here. */
export async function randomHex(bytes: number): Promise<string> {
  const { randomValues } = await wx.getRandomValues({ length: bytes });
  return Array.from(new Uint8Array(randomValues), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
