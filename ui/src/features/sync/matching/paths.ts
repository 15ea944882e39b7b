/** Where the review queue of a sync lives. */
export function matchingPath(sync: number): string {
  return `/sync/${sync}/matching`;
}
