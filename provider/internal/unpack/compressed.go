package unpack

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

func openBzip2(r *bufio.Reader) (io.Reader, int64, error) { return bzip2.NewReader(r), Unknown, nil }

func openXz(r *bufio.Reader) (io.Reader, int64, error) {
	content, err := xz.NewReader(r)
	return content, Unknown, err
}

// zstdWindow is the most memory that the decoder takes for what it may refer back to: as much as 'zstd -d' takes with --long.
const zstdWindow = 128 << 20

// openZstd decodes in the reader's own goroutine, so that nothing has to be closed.
func openZstd(r *bufio.Reader) (io.Reader, int64, error) {
	content, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
	return content, Unknown, err
}

// gzipReader reads the members of a gzip file, one after the other. Like gzip, it ignores what follows the last one: OpenWrt's images have a
// signature there.
type gzipReader struct {
	file   *bufio.Reader
	member *gzip.Reader
}

func openGzip(r *bufio.Reader) (io.Reader, int64, error) {
	member, err := gzip.NewReader(r)
	if err != nil {
		return nil, Unknown, err
	}
	member.Multistream(false)
	return &gzipReader{r, member}, Unknown, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.member.Read(p)
	if err != io.EOF {
		return n, err
	}
	if next, _ := g.file.Peek(3); string(next) != "\x1f\x8b\x08" {
		return n, io.EOF
	}
	if err := g.member.Reset(g.file); err != nil {
		return n, err
	}
	g.member.Multistream(false)
	return n, nil
}
