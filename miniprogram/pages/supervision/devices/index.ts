import { fetchDevices, type DeviceRecord } from '../../../services/check-ins';
import * as clock from '../../../services/clock';
import type { Post } from '../../../services/posts';
import { read } from '../../../services/storage';
import { moment } from '../../../services/time';
import { filled, texts } from '../../../texts/index';
import { definePostPage } from '../../define-post-page';

/** A phone at an open gate that has not scanned for so long may need help. */
const QUIET_AFTER = 10;
const MINUTE = 60_000;
const NAME_LENGTH = 4;

interface Line {
  key: string;
  gate: string;
  name: string;
  scans: string;
  latest: string;
  state: string;
  active: boolean;
}

definePostPage({
  title: 'devices',
  texts: ['devices'],
  refreshEvery: 10_000,
  data: { devices: [] as Line[] },
  async read(post) {
    const devices = (await fetchDevices(post.list.id)).map((device) => line(device, post));
    return devices.length === 0 ? null : { devices };
  },
});

function line(device: DeviceRecord, post: Post): Line {
  const t = texts().devices;
  const minutes = Math.floor((clock.now() - Date.parse(device.latest_scan_at)) / MINUTE);
  const active = minutes < QUIET_AFTER;
  const own = device.device_id !== null && device.device_id === read('device_id');
  const name = device.actor_name ?? `${t.phone} ${(device.device_id ?? device.actor_id).slice(-NAME_LENGTH)}`;
  return {
    key: `${device.device_id ?? ''}/${device.actor_id}`,
    gate: device.gate ?? t.no_gate,
    name: own ? `${name} · ${t.this_phone}` : name,
    scans: filled(t.scans, { scans: device.scans, admitted: device.admitted }),
    latest: moment(device.latest_scan_at, post.event.utc_offsets),
    state: active ? t.active : filled(t.quiet, { minutes }),
    active,
  };
}
