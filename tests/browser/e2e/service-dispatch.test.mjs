// The dispatcher's list of orders: whose orders are shown, and which answer counts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orderFor, phoneWith } from './field.mjs';
import { move, person } from './service.mjs';
import { World } from './world.mjs';

let world;
before(async () => {
  world = await World.start();
});
after(() => world?.stop());

async function assignedTo(engineer, serial_number) {
  const { order } = await orderFor(world, serial_number);
  await move(world, order.id, 'assign', { engineer_id: engineer.id });
  return order;
}

test("an engineer's orders stay that engineer's, whoever has more to do, and whichever answer comes last", async () => {
  const [busy, idle] = [await person(world, 'busy', 'engineer'), await person(world, 'idle', 'engineer')];
  const theirs = [await assignedTo(busy, 'D-BUSY-1'), await assignedTo(busy, 'D-BUSY-2')];
  const other = await assignedTo(idle, 'D-IDLE-1');
  const phone = await phoneWith(world, 'filtering', 'dispatcher');
  const shown = async () => (await phone.data()).lines.map(({ id }) => id).sort();
  const busy_orders = theirs.map(({ id }) => id).sort();
  await phone.restart('/pages/dispatch/orders/index');
  await phone.sees(new RegExp(other.number));

  // The list of all is still on its way when one engineer is chosen.
  let let_go;
  const held = new Promise((resolve) => (let_go = resolve));
  await phone.tab.route(/work-orders\?(?!.*engineer_id)/, async (request) => {
    await held;
    await request.continue();
  });
  const all = phone.tab.waitForRequest(/work-orders\?(?!.*engineer_id)/);
  await phone.control('hide');
  await phone.control('show');
  await all;
  const { engineers } = await phone.data();
  const place = engineers.findIndex(({ id }) => id === busy.id) + 1;
  await phone.frame.locator('select').nth(1).selectOption({ index: place });
  await phone.sees(new RegExp(theirs[0].number));
  assert.deepEqual(await shown(), busy_orders);
  const late = phone.tab.waitForResponse(/work-orders\?(?!.*engineer_id)/);
  let_go();
  await (await late).finished();
  await phone.tab.waitForTimeout(300);
  assert.deepEqual(await shown(), busy_orders);

  for (const number of [2, 3, 4]) await assignedTo(idle, `D-IDLE-${number}`);
  await phone.control('pullDown');
  await phone.frame.waitForFunction(
    (id) => globalThis.phone.page().data.engineers.find((one) => one.id === id)?.open_work_orders === 4,
    idle.id,
  );
  assert.deepEqual(await shown(), busy_orders);
  assert.equal((await phone.data()).engineer_id, busy.id);
  await phone.assertClean();
});
