package embed

// Cut gives a sentence's pieces in words.
func (m *Model) Cut(sentence string, most int) (out []string) {
	for _, id := range m.pieces.cut(sentence, most) {
		out = append(out, m.name(id))
	}
	return out
}

func (m *Model) name(id int32) string {
	switch p := m.pieces.(type) {
	case *pieces:
		for s, i := range p.ids {
			if i == id {
				return s
			}
		}
	case *unigram:
		switch id {
		case p.first:
			return "<s>"
		case p.last:
			return "</s>"
		case p.unknown:
			return "<unk>"
		}
		return string(p.vocabulary[p.end(int(id)-1):p.end(int(id))])
	}
	return ""
}
