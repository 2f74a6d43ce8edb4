import { type Job, jobs, type On, stages } from './pipeline.ts'

const isOn = (on: On) =>
  on === 'every'
    ? '$CI_COMMIT_BRANCH || $CI_PIPELINE_SOURCE == "merge_request_event"'
    : on.map((name) => `$CI_COMMIT_BRANCH == "${name}"`).join(' || ')

const whenOf = ({ onFailure, isManual }: Job) => {
  if (onFailure) return { when: 'on_failure' }
  return isManual ? { when: 'manual' } : {}
}

const variablesOf = ({ writes }: Job) => ({
  CI: 'true',
  RUN_NUMBER: '$CI_PIPELINE_IID',
  SHORT_SHA: '$CI_COMMIT_SHORT_SHA',
  ...(writes && {
    GIT_DEPTH: '0',
    // The token of a job may only read: PUSH_TOKEN is a project's access token that may write.
    PUSH_URL: 'https://oauth2:$PUSH_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git',
  }),
})

const jobOf = (job: Job) => ({
  stage: job.stage,
  image: { name: job.image, entrypoint: [''] },
  needs: job.needs.map((name) => ({ job: name, artifacts: false })),
  ...(job.takes && {
    needs: [...job.needs, 'images']
      .filter((name, index, all) => all.indexOf(name) === index)
      .map((name) => ({ job: name, artifacts: name === 'images' })),
  }),
  rules: [{ if: isOn(job.on), ...whenOf(job) }],
  timeout: `${job.minutes} minutes`,
  ...(job.environment && { environment: { name: job.environment } }),
  ...(job.hasIdentity && { id_tokens: { SIGSTORE_ID_TOKEN: { aud: 'sigstore' } } }),
  variables: variablesOf(job),
  script: job.run,
  ...(job.keeps && { artifacts: { when: 'always', paths: job.keeps, expire_in: '30 days' } }),
})

/** The pipeline as GitLab reads it. */
export const gitlab = () => ({
  stages,
  ...Object.fromEntries(jobs.map((job) => [job.name, jobOf(job)])),
})
