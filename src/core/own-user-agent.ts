/** The User-Agent of azrun's own requests, for example the logins of `exec` and `env`; no client's looks like it. */
export const OWN_USER_AGENT = 'azrun (own request)'
