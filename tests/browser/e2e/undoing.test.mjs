// Taking back what was scanned by mistake: a phone that was locked meanwhile, and an answer that comes late.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

const confirm = (phone) => phone.tap(phone.visible(phone.frame.getByRole('button', { name: '确定', exact: true })));
const cancel = (phone) => phone.tap(phone.visible(phone.frame.getByRole('button', { name: '取消', exact: true })));
const sheet = (phone, title) => phone.visible(phone.frame.getByRole('dialog', { name: title }));
const scansOf = async (list) => (await world.api('GET', `/api/v1/check-in-lists/${list.id}/check-ins`)).items;

/** Holds the answers to what is taken back; gives what lets them go, and waits until they have come. */
async function hold(phone) {
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route('**/annul', async (request) => {
    await held;
    await request.continue();
  });
  return async () => {
    const answered = phone.tab.waitForResponse('**/annul');
    let_go();
    await (await answered).finished();
    await phone.tab.waitForTimeout(300);
  };
}

test('a phone that is locked while the reason is asked for still sends it', async () => {
  const list = await world.list('锁屏');
  const ticket = await world.ticket('锁屏客');
  const staff = await world.phone('staff');
  await staff.takePost('锁屏');
  await staff.show(ticket.code);
  await staff.verdict({ tone: 'admitted', guest: '锁屏客' });
  await staff.tap('撤销');
  await staff.tap('扫错了票');
  await staff.control('hide');
  await staff.control('show');
  await confirm(staff);
  await staff.sees('已撤销');
  assert.equal((await scansOf(list))[0].annul_reason, '扫错了票');
  await staff.assertClean();
});

test('a late answer about one guest leaves the verdict of the next alone, who is let in meanwhile', async () => {
  const list = await world.list('迟到', { allow_multiple_entries: false });
  const [first, second] = await Promise.all([world.ticket('甲客'), world.ticket('乙客')]);
  await world.api('POST', `/api/v1/check-in-lists/${list.id}/check-ins`, {
    code: second.code,
    nonce: 'undoing-000000001',
  });
  const phone = await world.phone('supervisor');
  await phone.takePost('迟到', undefined, 'DemoSuper1');
  const let_go = await hold(phone);
  await phone.show(first.code);
  await phone.verdict({ tone: 'admitted', guest: '甲客' });
  await phone.tap('撤销');
  await phone.tap('扫错了票');
  await confirm(phone);
  await cancel(phone);
  await phone.tap('下一位');
  await phone.show(second.code);
  await phone.verdict({ tone: 'again', guest: '乙客' });
  await phone.tap('放行');
  await phone.tap('已核实身份');
  await confirm(phone);
  await phone.verdict({ tone: 'admitted', guest: '乙客' });
  await phone.tap('撤销');
  await sheet(phone, '为什么撤销？').waitFor();
  await let_go();
  assert.ok(await sheet(phone, '为什么撤销？').isVisible());
  await phone.verdict({ tone: 'admitted', guest: '乙客' });
  await phone.sees('甲客 · 已撤销');
  const scans = await scansOf(list);
  assert.deepEqual(
    scans.map(({ attendee_name, annul_reason }) => [attendee_name, annul_reason ?? '']),
    [
      ['乙客', ''],
      ['乙客', ''],
      ['甲客', '扫错了票'],
      ['乙客', ''],
    ],
  );
  await phone.assertClean();
});

test('in the history, a late answer about one scan closes no sheet about another', async () => {
  const list = await world.list('记录');
  for (const [number, name] of ['丙客', '丁客'].entries()) {
    const { code } = await world.ticket(name);
    const body = { code, nonce: `undoing-00000010${number}` };
    await world.api('POST', `/api/v1/check-in-lists/${list.id}/check-ins`, body);
  }
  const phone = await world.phone('supervisor');
  await phone.takePost('记录', undefined, 'DemoSuper1');
  await phone.go('/pages/check-in/history/index');
  await phone.sees('丙客');
  const let_go = await hold(phone);
  const acts = phone.frame.getByText('作废', { exact: true });
  await phone.tap(acts.nth(0));
  await phone.tap('扫错了票');
  await confirm(phone);
  await cancel(phone);
  await phone.tap(acts.nth(1));
  await phone.tap('客人没有进场');
  await let_go();
  assert.ok(await sheet(phone, '为什么作废？').isVisible());
  await confirm(phone);
  await sheet(phone, '为什么作废？').waitFor({ state: 'hidden' });
  await phone.frame.waitForFunction(() => globalThis.phone.page().data.rows.every(({ annulled }) => annulled));
  const reasons = (await scansOf(list)).map(({ attendee_name, annul_reason }) => [attendee_name, annul_reason]);
  assert.deepEqual(reasons, [
    ['丁客', '扫错了票'],
    ['丙客', '客人没有进场'],
  ]);
  await phone.assertClean();
});
