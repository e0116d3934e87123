import { fieldActs, fieldActsElsewhere, fieldNews } from '../../services/field-queue';
import { showingField } from '../../services/field-showing';
import { strayVisits } from '../../services/stray-visits';
import { filled, texts } from '../../texts/index';

/**
 * One line about what waits on the phone, what was refused and what is still to be ended; leads to the page about it.
 * Nothing when all is sent.
 */
Component({
  options: { styleIsolation: 'apply-shared' },
  properties: {
    /** The order whose visit the page shows; it is not spoken of again. */
    visited: { type: String, value: '' },
  },
  data: { visits: '', waiting: '', refused: '', news: '', elsewhere: '' },
  ...showingField,
  methods: {
    show() {
      const t = texts().fieldHome;
      const acts = fieldActs();
      const refused = acts.filter((act) => act.refused !== undefined).length;
      const waiting = acts.filter((act) => act.refused === undefined).length;
      const elsewhere = fieldActsElsewhere();
      const visits = strayVisits().filter(({ order_id }) => order_id !== this.data.visited).length;
      const line = (text: string, number: number) => (number === 0 ? '' : filled(text, { number }));
      this.setData({
        visits: line(t.visits, visits),
        waiting: line(t.waiting, waiting),
        refused: line(t.refused, refused),
        news: line(t.news, fieldNews().length),
        elsewhere: line(t.elsewhere, elsewhere),
      });
    },
    open() {
      void wx.navigateTo({ url: '/pages/field/waiting/index' });
    },
  },
});
