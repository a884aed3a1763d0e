// Starts the AWS provider once for many terraform commands, behind a proxy that leaves out the schemas of types that no test
// uses. To start a provider and to decode all 1,500 schemas takes most of a command's CPU time. A provider process has one
// configuration at a time, so commands with other provider blocks that run at the same time get a process each. Prints the
// value of TF_REATTACH_PROVIDERS.
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect, constants, createServer } from "node:http2";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { LANE_PROVIDER, LANE_PROVIDER_DIRECTORY } = process.env;

const USED =
  /^aws_(availability_zones|caller_identity|cloudwatch|iam|kms|lambda|partition|rds_integration|region|redshift|s3|scheduler|secretsmanager|security_group|sns|sqs|subnet|vpc)/;
/** The fields of GetProviderSchema.Response whose entries have the name of a type. */
const MAPS_OF_TYPES = [2, 3];
const LENGTH_DELIMITED = 2;
const FRAME_HEAD = 5;

function readVarint(bytes, start) {
  let value = 0;
  for (let at = start, shift = 1; ; at++, shift *= 128) {
    value += (bytes[at] & 127) * shift;
    if (bytes[at] < 128) {
      return [value, at + 1];
    }
  }
}

/** The message without the map entries of unused types. */
function withoutUnusedTypes(message) {
  const kept = [];
  for (let start = 0, end; start < message.length; start = end) {
    const [tag, afterTag] = readVarint(message, start);
    if ((tag & 7) !== LENGTH_DELIMITED) {
      throw new Error(`a field of GetProviderSchema.Response must be length-delimited, got: wire type ${tag & 7}`);
    }
    const [length, content] = readVarint(message, afterTag);
    end = content + length;
    const [nameLength, name] = readVarint(message, content + 1);
    if (!MAPS_OF_TYPES.includes(tag >> 3) || USED.test(message.toString("utf8", name, name + nameLength))) {
      kept.push(message.subarray(start, end));
    }
  }
  return Buffer.concat(kept);
}

/** The response's only frame, with a smaller message. */
function slim(frame) {
  const message = withoutUnusedTypes(frame.subarray(FRAME_HEAD));
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Passes a call on to a provider. A change, if any, is applied to the whole answer. */
function pass(provider, headers, incoming, change) {
  const outgoing = provider.request(headers);
  const chunks = [];
  let trailers;
  outgoing.on("trailers", (received) => (trailers = received));
  outgoing.on("response", (received, flags) => {
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    incoming.respond(received, endStream ? { endStream } : { waitForTrailers: true });
    incoming.on("wantTrailers", () => incoming.sendTrailers(trailers ?? {}));
  });
  outgoing.on("data", (chunk) => (change ? chunks.push(chunk) : incoming.write(chunk)));
  outgoing.on("end", () => incoming.end(change?.(Buffer.concat(chunks))));
  incoming.on("close", () => outgoing.close());
  for (const stream of [incoming, outgoing]) {
    stream.on("error", () => {
      incoming.close();
      outgoing.close();
    });
  }
  return outgoing;
}

// All providers of a lane share the file, because a provider takes a second to write its schemas.
const file = join(LANE_PROVIDER_DIRECTORY, "schemas");
let schemas = existsSync(file) ? readFileSync(file) : undefined;

function keepSchemas(frame) {
  schemas = slim(frame);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, schemas);
  renameSync(temporary, file);
  return schemas;
}

function answer(incoming, frame) {
  incoming.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
  incoming.on("wantTrailers", () => incoming.sendTrailers({ "grpc-status": "0" }));
  incoming.end(frame);
}

const children = [];

/** Starts a provider. Returns its TF_REATTACH_PROVIDERS, the address of its socket, and a connection to it. */
async function startProvider() {
  // The provider leaves its socket behind.
  const env = { ...process.env, TMPDIR: LANE_PROVIDER_DIRECTORY };
  const child = spawn(LANE_PROVIDER, ["-debug"], { env, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  for await (const line of createInterface(child.stdout)) {
    const [, reattach] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line) ?? [];
    if (reattach) {
      child.stdout.resume();
      const address = Object.values(JSON.parse(reattach))[0].Addr.String;
      return { address, connection: connect("http://localhost", { path: address }), reattach };
    }
  }
  throw new Error("the provider must print TF_REATTACH_PROVIDERS");
}

const first = await startProvider();

/** A process: its connection, its last provider block, whether it has taken that, and the sessions that use it. */
const processOf = (connection) => ({ connection, configuration: undefined, isConfigured: false, sessions: 0 });
const processes = [processOf(first.connection)];

/** The process of a provider block: the one that has it, one that no session uses, or a new one. */
function processFor(configuration) {
  let chosen =
    processes.find((one) => one.configuration === configuration) ?? processes.find(({ sessions }) => sessions === 0);
  if (chosen === undefined) {
    chosen = processOf(startProvider().then(({ connection }) => connection));
    processes.push(chosen);
  }
  if (chosen.configuration !== configuration) {
    Object.assign(chosen, { configuration, isConfigured: false });
  }
  return chosen;
}

const EMPTY = Buffer.alloc(FRAME_HEAD);

/** A session of terraform belongs to one provider block, and uses the process that has its configuration. */
async function configure(headers, incoming) {
  const body = Buffer.concat(await incoming.toArray());
  const configuration = body.toString("base64");
  const chosen = processFor(configuration);
  chosen.sessions++;
  incoming.session.once("close", () => chosen.sessions--);
  const connection = await chosen.connection;
  incoming.session.provider = connection;
  if (chosen.isConfigured) {
    answer(incoming, EMPTY);
    return;
  }
  const noteSuccess = (frame) => {
    // An answer that is not empty has errors or warnings.
    chosen.isConfigured = chosen.configuration === configuration && frame.equals(EMPTY);
    return frame;
  };
  pass(connection, headers, incoming, noteSuccess).end(body);
}

const server = createServer();
server.on("stream", (incoming, headers) => {
  const { provider = first.connection } = incoming.session;
  const path = headers[constants.HTTP2_HEADER_PATH];
  if (path.endsWith("/GetSchema") && schemas !== undefined) {
    answer(incoming, schemas);
  } else if (path.endsWith("/GetSchema")) {
    incoming.pipe(pass(provider, headers, incoming, keepSchemas));
  } else if (path.endsWith("/Configure")) {
    void configure(headers, incoming);
  } else {
    incoming.pipe(pass(provider, headers, incoming));
  }
});
process.on("SIGTERM", () => {
  for (const child of children) {
    child.kill();
  }
  process.exit();
});
server.listen(`${first.address}-slim`, () => {
  console.log(first.reattach.replaceAll(first.address, `${first.address}-slim`));
});
