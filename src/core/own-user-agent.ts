/** The User-Agent of azrun's own requests, such as those with which `exec` and `env` log in. */
export const OWN_USER_AGENT = 'azrun'
