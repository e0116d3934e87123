/** Whether there is a network, as far as the phone knows. */
type Listener = (online: boolean) => void;

let online = true;
const listeners = new Set<Listener>();

/** Called once, when the mini program starts. */
export function watchNetwork(): void {
  wx.onNetworkStatusChange(({ isConnected }) => tell(isConnected));
  wx.getNetworkType({ success: ({ networkType }) => tell(networkType !== 'none') });
}

function tell(now: boolean): void {
  if (now === online) return;
  online = now;
  for (const listener of [...listeners]) listener(now);
}

/** As far as the phone knows: where the signal is bad, it does not. */
export function isOnline(): boolean {
  return online;
}

/** Answers a function that ends it. */
export function onNetwork(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
