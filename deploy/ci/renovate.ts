/** What proposes newer versions, for people to merge; exact versions everywhere, digests behind tags. */
export const renovate = () => ({
  $schema: 'https://docs.renovatebot.com/renovate-schema.json',
  extends: ['config:recommended', ':semanticCommits', 'helpers:pinGitHubActionDigests'],
  baseBranchPatterns: ['develop'],
  rangeStrategy: 'pin',
  dependencyDashboard: true,
  minimumReleaseAge: '3 days',
  lockFileMaintenance: { enabled: true, schedule: ['before 5am on monday'] },
  vulnerabilityAlerts: { labels: ['security'], minimumReleaseAge: null },
  // Ours are what `bun run images` has built: nobody proposes another.
  ignorePaths: ['deploy/k3s/components/images/**', '**/node_modules/**'],
  kustomize: { managerFilePatterns: ['/deploy/k3s/components/third-party/kustomization\\.yaml$/'] },
  packageRules: [
    {
      matchUpdateTypes: ['minor', 'patch'],
      matchDepTypes: ['devDependencies'],
      groupName: 'tools',
    },
    { matchPackageNames: ['graphql'], allowedVersions: '16.14.2' },
    { matchManagers: ['gomod'], groupName: 'tools of the deployment' },
    { matchManagers: ['kustomize'], pinDigests: true },
  ],
  customManagers: [
    {
      customType: 'regex',
      managerFilePatterns: ['/^deploy/ci/pipeline\\.ts$/'],
      matchStrings: ["'(?<depName>[a-z./-]+):(?<currentValue>v?\\d[\\w.-]*)'"],
      datasourceTemplate: 'docker',
    },
  ],
})
