/** The first word that most labels share, such as the name of the source; none when there is no such word. */
export function sharedFirstWord(labels: ReadonlyArray<string>): string | null {
  const first = labels.map((label) => label.split(' ')[0] ?? '');
  const most = first.find((word) => word !== '' && first.filter((one) => one === word).length * 2 > labels.length);
  return labels.length >= 3 && most ? most : null;
}

/** Labels without a first word that most of them share: narrow columns and rows keep what tells them apart. */
export function shortLabels(labels: ReadonlyArray<string>): Array<string> {
  const shared = sharedFirstWord(labels);
  return labels.map((label) =>
    shared !== null && label.startsWith(`${shared} `) ? label.slice(shared.length + 1) : label,
  );
}
