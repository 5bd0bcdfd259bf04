// The name of the table that Roster knows more about than its rows.

export const USERS_TABLE = 'auth_user'
