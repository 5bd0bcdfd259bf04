// Columns of an answer that tell where a row stands in an order: what they hold comes back as a bound of the next page.

/** What their names begin with. No column of a table has such a name: ORDER BY would take the alias for the column. */
export const PLACE = 'roster:p'
