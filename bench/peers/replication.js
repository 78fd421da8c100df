// Replicates documents with PouchDB over HTTP between two processes, each on LevelDB.
//
//   node replication.js serve FOLDER BATCH PORT
//   node replication.js run FOLDER PORT DOCS.json pull|push BATCH PID
//
// `run` prints for the copy alone, and for the copy with the lookups built at the end that received
// it: seconds, and processor seconds of itself and of process PID.
"use strict";
const path = require("path");
const fs = require("fs");
const PouchDB = require("pouchdb");

const [what, folder, ...rest] = process.argv.slice(2);

// What Corridor's tables answer of these documents: who belongs to a household and how many they
// are, who is called so in any spelling of it, who and how many are where. In one view, so that
// every document is read once.
const LOOKUPS = {
  _id: "_design/lookups",
  views: {
    all: {
      reduce: "_count",
      map: function (doc) {
        const plain = (text) => text
          .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
          .replace(/[أإآٱ]/g, "ا").replace(/[ةە]/g, "ه").replace(/[ىئیېێ]/g, "ي")
          .replace(/[ؤۆ]/g, "و").replace(/[گک]/g, "ك");
        const names = [doc.name, doc.name_other, doc.known_as].filter(Boolean).map(plain);
        emit(["household", doc.household]);
        names.filter((one, at) => names.indexOf(one) === at).forEach((one) => emit(["name", one]));
        emit(["whereabouts", "registered"]);
      }.toString(),
    },
  },
};

function local(batch) {
  const prefix = path.join(folder, "/");
  return PouchDB.defaults({ prefix, view_update_changes_batch_size: Number(batch) });
}

async function fill(db, docs) {
  for (let at = 0; at < docs.length; at += 100) await db.bulkDocs(docs.slice(at, at + 100));
}

function cpuOf(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(")").pop().trim().split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function run(port, file, way, batch, pid) {
  const docs = JSON.parse(fs.readFileSync(file, "utf8"));
  const name = `${way}${batch}`;
  const here = new (local(batch))(`local-${name}`);
  const there = new PouchDB(`http://127.0.0.1:${port}/${name}`);
  const [from, to] = way === "pull" ? [there, here] : [here, there];
  await there.info();
  await fill(from, docs);
  await to.put(LOOKUPS);
  const before = cpuOf(pid);
  const own = process.cpuUsage();
  const started = process.hrtime.bigint();
  const tell = () => {
    const used = process.cpuUsage(own);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    console.log(seconds, (used.user + used.system) / 1e6 + cpuOf(pid) - before);
  };
  const done = await PouchDB.replicate(from, to, { batch_size: Number(batch) });
  tell();
  const found = await to.query("lookups/all", { reduce: false, limit: 1 });
  tell();
  const held = await to.info();
  if (done.docs_written !== docs.length || held.doc_count !== docs.length + 1) process.exit(1);
  if (found.total_rows < 3 * docs.length) process.exit(1);
}

if (what === "serve") {
  const [batch, port] = rest;
  const app = require("express")();
  app.use("/", require("express-pouchdb")(local(batch), { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: path.join(folder, "log.txt") }));
  app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
} else {
  run(...rest).catch((error) => { console.error(error); process.exit(1); });
}
