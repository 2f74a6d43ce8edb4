/** Operation name to the sha256 of its document; the client sends nothing else. */
export const operationHashes: Record<string, string> = {
  BookingPage: 'dc55dd592b1bbd89abac08fcc6b741d3149b3d1c6bdb0581153977d8dc1dff2a',
  CancelBooking: '87f23cfcb88e0572a2af46d5c68ab5739a37058371c4253d13dd6a4bed705cc5',
  CoachPage: 'a12af7baa2658cfa307054735dffd7f03bd7fba79f9f9a56d5fde45bcce3dfdb',
  Coaches: 'f51c6ca757c006c02f48e9fae31d286ca749f451996e80f2022b4a6f95c2fa94',
  ConfirmBooking: '81ceb5ae356055c68aa74a30be85deb52c75826d844bf7caeb4001025e094ada',
  FeaturedCoaches: '81500c2348dfcd92ad7a3224956e8457d5d46d1f96da66f9aeee8f07f9a60a45',
  HoldSlot: '699996e29157b188f659cc2e18cb75a77e216a19a650a3b72364f26b36751990',
  MonthSlots: 'ad53110a09fa8191c782ce4f3ad16eeea905e9e17f6668ec1523a2b78294ce6f',
  MyBookings: 'ace2fae27c55c46f947dbc624b2de40dc67715bd06c5766bb52e2edc827733f2',
  ReleaseHold: '8038d1e6fa8db2a0f15f68aae8cf2372bc18d5cea7bf1630de8942977be0d549',
  SaveHours: 'ef5b82c27f851617ec8f47772857164ea24f6d4852a9fce040b75973ad6cd4a1',
  SaveProfile: '4bda55d0944523e4f7b8ec71ee2b0f1dfaea7edfc0bd3f54c901b043b82b9a56',
  SaveService: 'ad6e31ee76f44e30f87a2f54b6a88e85a7dc8925992fbcacfd99f715eadaa723',
  Workspace: '18b6c8d56867d1cd7bbcd59c6cf59eae0da3fbc885f559e39871857948a9b43b',
}
