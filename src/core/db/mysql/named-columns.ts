// What the server's words name: table, columns, constraint. Both servers' spellings are here.

/** `'a'` and `` `db`.`t`.`a` ``: the last part is the column. */
function lastName(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1)
  return (/`((?:[^`]|``)*)`$/.exec(text)?.[1] ?? text).replaceAll('``', '`')
}

const names = (list: string) =>
  [...list.matchAll(/`((?:[^`]|``)*)`/g)].map((found) => (found[1] ?? '').replaceAll('``', '`'))

export interface Named {
  table?: string
  columns?: string[]
  constraint?: string
}

/** Of an error with this number; empty where the server names nothing. */
export function namedIn(number: number, message: string): Named {
  switch (number) {
    case 1048: // Column 'a' cannot be null
    case 1263: // Column set to default value; NULL supplied to NOT NULL column 'a' at row 1
      return column(/[Cc]olumn ('.*')/s.exec(message)?.[1])
    case 1364: // Field 'a' doesn't have a default value
      return column(/^Field ('.*') doesn/s.exec(message)?.[1])
    case 1062:
    case 1586: {
      const key = /for key '(.*)'$/s.exec(message)?.[1]
      return key === undefined ? {} : { constraint: key }
    }
    case 1451:
    case 1452:
      return foreignKey(number, message)
    case 3819: {
      const constraint = /constraint '(.*)' is violated/s.exec(message)?.[1]
      return constraint === undefined ? {} : { constraint }
    }
    case 4025: {
      const [constraint, , table] = names(message)
      return { ...(constraint === undefined ? {} : { constraint }), ...(table === undefined ? {} : { table }) }
    }
  }
  // Data too long for column 'a' at row 1; Incorrect integer value for column `db`.`t`.`a` at row 1
  return column(/ for column (['`].*['`]) at row/s.exec(message)?.[1])
}

function column(quoted: string | undefined): Named {
  return quoted === undefined ? {} : { columns: [lastName(quoted)] }
}

/** (`db`.`orders`, CONSTRAINT `orders_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)) */
function foreignKey(number: number, message: string): Named {
  const found = /\(((?:`(?:[^`]|``)*`\.)?`(?:[^`]|``)*`), CONSTRAINT (`(?:[^`]|``)*`) FOREIGN KEY \(([^)]*)\)/.exec(
    message,
  )
  if (!found) return {}
  const [, table = '', constraint = '', columns = ''] = found
  // 1451: the columns are those of the table that points here, not of the one that was written to.
  return { table: lastName(table), constraint: lastName(constraint), columns: number === 1452 ? names(columns) : [] }
}
