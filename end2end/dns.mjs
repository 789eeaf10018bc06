// A name server on loopback that knows what a test tells it: hosts with their IPv4 addresses.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Record type A, and the class of the internet. */
const A = 1;
const IN = 1;
/** Answer, recursion available; with the last four bits saying that there is no such name. */
const FOUND = 0x8180;
const UNKNOWN = 0x8183;

/** @returns {Promise<{address: string, hosts: Map<string, string>, stop: () => void}>} */
export async function startDns() {
  const hosts = new Map();
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => socket.send(answer(question, hosts), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, hosts, stop: () => socket.close() };
}

/** RFC 1035, section 4: the question comes back, with one record behind it where there is one. */
function answer(question, hosts) {
  const { name, end } = nameAt(question, 12);
  const type = question.readUInt16BE(end);
  const address = hosts.get(name);
  const head = Buffer.alloc(12);
  question.copy(head, 0, 0, 2);
  head.writeUInt16BE(address ? FOUND : UNKNOWN, 2);
  head.writeUInt16BE(1, 4);
  const asked = question.subarray(12, end + 4);
  if (!address || type !== A) return Buffer.concat([head, asked]);
  head.writeUInt16BE(1, 6);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(A, 2);
  record.writeUInt16BE(IN, 4);
  record.writeUInt32BE(1, 6);
  record.writeUInt16BE(4, 10);
  return Buffer.concat([head, asked, record, Buffer.from(address.split('.').map(Number))]);
}

function nameAt(message, start) {
  const labels = [];
  let at = start;
  while (message[at] !== 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += 1 + message[at];
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
