/** Plugins of the command line's build that remove work that Fastify does at each start and azrun does not need. */

/** safe-regex2 checks find-my-way's own patterns, which are safe, and patterns in routes, which azrun does not have. */
export const withoutPatterns = {
  name: 'without-patterns',
  resolveId: id => id === 'safe-regex2' ? '\0without-patterns' : undefined,
  load: id => id === '\0without-patterns' ? 'module.exports = () => true' : undefined
}

/** Fastify adds its not-found route for each of 35 methods. With this plugin all methods share the tree of GET. */
export const oneTree = {
  name: 'one-tree',
  transform: {
    filter: { id: /fastify\/lib\/four-oh-four\.js$/ },
    handler (code) {
      const changed = code.replaceAll('router.all(', 'addForAll(router, ')
      if (changed === code) throw new Error('lib/four-oh-four.js of Fastify no longer calls router.all: adapt oneTree')
      return `${changed}
        function addForAll (router, ...route) {
          router.on('GET', ...route)
          for (const method of require('node:http').METHODS) router.trees[method] = router.trees.GET
        }`
    }
  }
}
