package metrics

// SlackAt calls Slack's methods at a server of the test's own.
func (s *Service) SlackAt(api string) { s.Posting.api = api }
