/** A WebSocket echo for tests: real frames over a real connection (RFC 6455), as far as short texts need it. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** RFC 6455 section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x81;
const CLOSE = 0x88;

/** Answers a handshake and sends each text back with a mark. */
export function echo(request: IncomingMessage, socket: Duplex): void {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  const [protocol] = (request.headers["sec-websocket-protocol"] ?? "").split(",");
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let frame = frameOf(received); frame !== undefined; frame = frameOf(received)) {
      received = received.subarray(frame.length);
      if (frame.first === CLOSE) socket.end(Buffer.from([CLOSE, frame.payload.length, ...frame.payload]));
      else if (frame.first === TEXT) {
        const text = Buffer.from(`echo: ${frame.payload}`);
        socket.write(Buffer.from([TEXT, text.length, ...text]));
      }
    }
  });
  socket.on("error", () => socket.destroy());
}

/** The first frame of a client's bytes: masked, of up to 125 bytes (section 5.2). `undefined` where it is not whole yet. */
function frameOf(bytes: Buffer): { first: number; payload: Buffer; length: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const size = second & 0x7f;
  const length = 6 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(2, 6);
  const payload = bytes.subarray(6, length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return { first, payload: Buffer.from(payload), length };
}
