import { appEvents } from '../application.js';
import { recall, remember } from '../settings.js';
import { asyncCall, syncCall } from './define.js';

export const isOnline = () => recall('network', true);
const type = () => (isOnline() ? 'wifi' : 'none');

export function setNetwork(isConnected) {
  if (isConnected === isOnline()) return;
  remember('network', isConnected);
  appEvents.networkChange.emit({ isConnected, networkType: type() });
}

asyncCall('getNetworkType', () => ({
  networkType: type(),
  hasSystemProxy: false,
  signalStrength: -50,
  weakNet: false,
}));
syncCall('onNetworkStatusChange', (listener) => appEvents.networkChange.on(listener));
syncCall('offNetworkStatusChange', (listener) => appEvents.networkChange.off(listener));
