// The folders under `package/` as a zip, the form in which metadata is deployed.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';

/** The path of `package/fields` or `package/broken`. */
export const packageFolder = (name) => fileURLToPath(new URL(`../package/${name}`, import.meta.url));

/** The zip of such a folder. */
export function packageZip(name) {
  const folder = packageFolder(name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort();
  return zip(files.map((file) => [file, readFileSync(`${folder}/${file}`)]));
}

/** A zip archive: each file deflated behind a local header, then the directory of all, then its end. */
function zip(files) {
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of files) {
    const packed = deflateRawSync(content);
    // Version 2.0, UTF-8 names, deflate, 1 January 2026.
    const common = numbers(
      [20, 2],
      [0x800, 2],
      [8, 2],
      [0, 2],
      [0x5c21, 2],
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [Buffer.byteLength(name), 2],
      [0, 2],
    );
    const local = Buffer.concat([numbers([0x04034b50, 4]), common, Buffer.from(name), packed]);
    directory.push(
      Buffer.concat([
        numbers([0x02014b50, 4], [20, 2]),
        common,
        numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        Buffer.from(name),
      ]),
    );
    bodies.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [entries.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...bodies, entries, end]);
}

/** Little-endian numbers, each given with its size in bytes. */
function numbers(...values) {
  return Buffer.concat(
    values.map(([value, size]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}
