import type { FastifyRequest } from 'fastify'
import { originOf, type ReachedBy } from '../../http/origin.js'
import type { ResourceGroup } from '../../resources/resource-groups.js'

/** The URL where clients poll the deletion of a group. It has no signature (recorded until 2021). */
export function deletionUrl (group: ResourceGroup, request: ReachedBy & Pick<FastifyRequest, 'apiVersion'>): string {
  const path = `/subscriptions/${group.subscriptionId}/operationresults/${jobOf(group)}`
  return `${originOf(request)}${path}?api-version=${encodeURIComponent(request.apiVersion)}`
}

const JOB = 'RESOURCEGROUPDELETIONJOB'

/** The name of the job that deletes a group, as in Resource Manager: upper case, with `:5F` for `_` (recorded, too). */
function jobOf ({ name, location }: ResourceGroup): string {
  const encoded = [...Buffer.from(name.replaceAll(/[a-z]/g, letter => letter.toUpperCase()))].map(byte => {
    const character = String.fromCharCode(byte)
    return /[A-Z\d]/.test(character) ? character : `:${byte.toString(16).toUpperCase().padStart(2, '0')}`
  })
  const job = { jobId: `${JOB}-${encoded.join('')}-${location.toUpperCase()}`, jobLocation: location }
  return Buffer.from(JSON.stringify(job)).toString('base64url')
}

/** The group of a job, with its name in upper case; undefined if the text is not a job. */
export function deletedGroup (subscriptionId: string, text: string): ResourceGroup | undefined {
  const [, encoded, location] =
    /^\{"jobId":"RESOURCEGROUPDELETIONJOB-([A-Z\d:]+)-[-\w.]+","jobLocation":"([-\w.]+)"\}$/
      .exec(`${Buffer.from(text, 'base64url')}`) ?? []
  if (encoded === undefined || location === undefined) return undefined
  const bytes = encoded.replaceAll(/:([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return { subscriptionId, name: `${Buffer.from(bytes, 'latin1')}`, location }
}
