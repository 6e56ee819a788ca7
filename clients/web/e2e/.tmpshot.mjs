import { startServer } from '/work/main/clients/web/e2e/server.mjs';
import { startBrowser } from '/work/main/clients/web/e2e/browser.mjs';
import { until } from '/work/main/clients/web/e2e/expect.mjs';
const s = await startServer(); console.log(s.url);
const b = await startBrowser();
try {
  const p = await b.player(s.url, 'Ada');
  const q = await b.player(s.url, 'Bob');
  await until('live', ()=>p.evaluate(()=>document.querySelector('.status')?.dataset.state==='live')).catch(e=>console.log(e.message));
  await p.screenshot({path:'/tmp/lobby0.png'});
  await q.click('[data-game=arena] [data-action=play]');
  await until('room', ()=>q.evaluate(()=>!!window.tickwire.room)).catch(e=>console.log(e.message));
  await new Promise(r=>setTimeout(r,1500));
  await p.screenshot({path:'/tmp/lobby1.png'});
  await q.screenshot({path:'/tmp/arena0.png'});
  console.log(q.url());
} finally { console.log(b.problems); await b.close(); await s.stop().catch(e=>console.log(e.message)); }
