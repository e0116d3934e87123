import { faultText } from '../../services/equipment';
import { showOnMap } from '../../services/location';
import { tilesOf } from '../../services/media';
import type { MediaTile } from '../../services/media-types';
import { period } from '../../services/time';
import type { State, WorkOrder } from '../../services/work-order-types';
import { targetTexts } from '../../services/work-orders';
import { filled, texts } from '../../texts/index';

interface Fact {
  label: string;
  value: string;
}

/** What a work order is about, for whoever works on it: state, targets, place with navigation, contact, fault. */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** A `WorkOrder`, or null. */
    order: { type: Object, value: null },
    /** The state to show, where the phone is ahead of the server. */
    state: { type: String, value: '' },
    ahead: { type: Boolean, value: false },
  },
  data: {
    t: texts().fieldOrder,
    number: '',
    model: '',
    facts: [] as Fact[],
    targets: [] as ReturnType<typeof targetTexts>,
    fault: '',
    text: '',
    phone: '',
    has_place: false,
    tiles: [] as MediaTile[],
    shown_state: '' as State | '',
  },
  observers: {
    'order, state'() {
      this.show();
    },
  },
  pageLifetimes: {
    show() {
      this.show();
    },
  },
  methods: {
    show() {
      const order = this.data.order as WorkOrder | null;
      if (order === null) return;
      const t = texts().fieldOrder;
      const {
        number,
        equipment,
        customer,
        contact,
        preferred,
        address,
        position,
        text,
        fault_type,
        media,
        utc_offsets,
      } = order;
      const place = [equipment.site, equipment.address ?? address].filter(Boolean).join(' · ');
      const facts = [
        { label: t.site, value: place },
        { label: t.customer, value: customer?.name ?? '' },
        { label: t.contact, value: [contact?.name, contact?.phone].filter(Boolean).join(' ') },
        { label: t.preferred, value: preferred ? period(preferred.from, preferred.until, utc_offsets) : '' },
        { label: t.serial, value: equipment.serial_number },
      ].filter(({ value }) => value !== '');
      this.setData({
        t,
        number: filled(t.number, { number }),
        model: equipment.model,
        facts,
        targets: targetTexts(order, utc_offsets),
        fault: faultText(fault_type),
        text,
        phone: contact?.phone ?? '',
        has_place: Boolean(position),
        tiles: tilesOf(media),
        shown_state: (this.data.state as State | '') || order.state,
      });
    },
    navigate() {
      const order = this.data.order as WorkOrder | null;
      if (!order?.position) return;
      const { site, model, address } = order.equipment;
      showOnMap(order.position, site || model, address || order.address || '');
    },
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.phone }).catch(() => undefined);
    },
  },
});
