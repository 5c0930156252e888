/** The User-Agent of azrun's own requests, for example the logins of `exec` and `env`. */
export const OWN_USER_AGENT = 'azrun'
