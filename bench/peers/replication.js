// Replicates documents with PouchDB over HTTP between two processes, each on LevelDB.
//
//   node replication.js serve FOLDER PORT
//   node replication.js run FOLDER PORT DOCS.json pull|push BATCH PID
//
// `run` prints seconds, its own processor seconds, and those of process PID when it began.
"use strict";
const path = require("path");
const fs = require("fs");
const PouchDB = require("pouchdb");

const [what, folder, port, file, way, batch, pid] = process.argv.slice(2);
const Local = PouchDB.defaults({ prefix: path.join(folder, "/") });

async function fill(db, docs) {
  for (let at = 0; at < docs.length; at += 100) await db.bulkDocs(docs.slice(at, at + 100));
}

function cpuOf(number) {
  const fields = fs.readFileSync(`/proc/${number}/stat`, "utf8").split(")").pop().trim().split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function run() {
  const docs = JSON.parse(fs.readFileSync(file, "utf8"));
  const name = `${way}${batch}`;
  const local = new Local(`local-${name}`);
  const remote = new PouchDB(`http://127.0.0.1:${port}/${name}`);
  await remote.info();
  await fill(way === "pull" ? remote : local, docs);
  const before = cpuOf(pid);
  const own = process.cpuUsage();
  const started = process.hrtime.bigint();
  const options = { batch_size: Number(batch) };
  const done = await (way === "pull"
    ? local.replicate.from(remote, options)
    : local.replicate.to(remote, options));
  const spent = Number(process.hrtime.bigint() - started) / 1e9;
  const used = process.cpuUsage(own);
  const held = await (way === "pull" ? local : remote).info();
  if (done.docs_written !== docs.length || held.doc_count !== docs.length) process.exit(1);
  console.log(spent, (used.user + used.system) / 1e6, before);
}

if (what === "serve") {
  const app = require("express")();
  app.use("/", require("express-pouchdb")(Local, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: path.join(folder, "log.txt") }));
  app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
} else {
  run().catch((error) => { console.error(error); process.exit(1); });
}
