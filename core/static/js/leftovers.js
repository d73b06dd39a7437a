// Changes of score sheets that a closed page could not send, sent from whichever page of the desk is open next. What
// needs the judge (two copies, points that do not fit) waits until its sheet is opened.
import { Sender } from "./sending.js";
import { SheetQueue } from "./sheetqueue.js";

const PREFIX = "bangvang:cho:";

// root names the account; own is the sheet of this page, which looks after itself. told(refs) hears of sheets that wait.
export async function sendLeftovers(root, own, told) {
  const place = `${PREFIX}${root.dataset.account}:phieu:`;
  const refs = new Set(Object.keys(localStorage)
    .filter((key) => key.startsWith(place))
    .map((key) => key.slice(`${PREFIX}${root.dataset.account}:`.length, key.lastIndexOf(":")))
    .filter((ref) => ref !== own));
  if (!refs.size) return;
  const sender = new Sender(root);
  if (!sender.csrf) await sender.renew();
  const waiting = [];
  for (const ref of refs) {
    const queue = new SheetQueue(root.dataset.account, ref);
    if (!(await queue.adopt())) continue;
    const items = queue.ready();
    if (items.length) {
      const sent = items.map(({ path, op }) => [path, op]);
      items.forEach((one) => { one.sent = true; });
      const { status, told: answer } = await sender.post(`/cham-thi/${ref.slice("phieu:".length)}/tu-luu`, SheetQueue.body(items, -1));
      if (answer && (status === 200 || status === 422)) queue.answered(sent, answer);
      if (status === 409 && answer?.fields) queue.divided(sent, answer);
    }
    if (queue.items.length) waiting.push(ref.slice("phieu:".length));
    queue.leave();
  }
  if (waiting.length) told(waiting);
}
