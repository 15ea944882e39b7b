/** What deleting a record means, wherever it is offered. */
export const DELETION =
  'Deleted records stay in the recycle bin for up to 15 days; Drawbridge cannot bring them back. An Account takes its Contacts, Opportunities and Cases with it, so one that has any is kept. So is every record that somebody saved since.';
