// Package tnef unpacks winmail.dat.
//
// Outlook, when it writes in its own format to someone outside, wraps the mail
// in one attachment of type application/ms-tnef, called winmail.dat: the text,
// as HTML or compressed RTF, and all attachments are inside, and nobody without
// Outlook sees them. The format is a list of attributes, each with an id, a
// length and a checksum (Microsoft's open specification [MS-OXTNEF]); two of
// them hold lists of MAPI properties ([MS-OXCDATA], [MS-OXPROPS]), where the
// long file names and the bodies are. Compressed RTF is [MS-OXRTFCP]; RTF that
// encapsulates HTML is [MS-OXRTFEX].
//
// Unpack reads what is whole of a damaged file and says with an error that it
// was damaged. Nothing that a stranger writes into it costs more than memory in
// proportion to its size, and the bound on decompressed text that the caller
// gives. Attachments share the memory of the file.
package tnef
