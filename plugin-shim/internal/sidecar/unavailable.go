package sidecar

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	unavailableText = "genesys sidecar is unavailable: %s: %s; %s"
	helloTimeout    = time.Second
)

// What a caller wants to know of a request that got no answer.
const (
	nothingBegun = "nothing had begun"
	maybeBegun   = "work may have begun"
	begun        = "work had begun"
)

// AnswersOthers is the reason where one request alone got no answer in time.
const AnswersOthers = "the sidecar answers, and did not end this request in time"

// Unavailable says that the sidecar gave a request no answer: HTTP 503.
type Unavailable struct {
	target Target
	// Why, in words, and since when where that is known.
	Reason   string
	progress string
}

var _ logical.HTTPCodedError = (*Unavailable)(nil)

// Error says why, and what may have become of the request.
func (u *Unavailable) Error() string {
	return fmt.Sprintf(unavailableText, u.target, u.Reason, u.progress)
}

// Code is the HTTP status.
func (u *Unavailable) Code() int {
	return http.StatusServiceUnavailable
}

func (c *Client) unavailable(reason, progress string) error {
	return &Unavailable{target: c.link.target, Reason: reason, progress: progress}
}

// explain turns the end of a stream without a result into what Vault is told.
func (c *Client) explain(ctx context.Context, err error, progress string) error {
	if ctx.Err() == context.Canceled {
		return context.Canceled
	}
	if ctx.Err() != nil {
		return c.unavailable("the request's time ran out", progress)
	}
	failed := status.Convert(err)
	switch failed.Code() {
	case codes.Unavailable:
		return c.unavailable("the connection broke: "+failed.Message(), progress)
	case codes.Canceled, codes.DeadlineExceeded:
		return c.unavailable("it gave the request up", progress)
	case codes.FailedPrecondition, codes.Unimplemented:
		return c.unavailable(fmt.Sprintf("plugin %s and sidecar %s do not fit together: %s",
			c.options.Version, c.sidecarVersion(ctx), failed.Message()), nothingBegun)
	case codes.ResourceExhausted:
		return logical.CodedError(http.StatusInternalServerError, fmt.Sprintf(
			"what plugin and sidecar at %s have to tell each other is larger than the %d bytes of one message: read or write less at a time; %s",
			c.link.target, largestMessage, progress))
	default:
		// A bug: its text was written for the sidecar's own log.
		return logical.CodedError(http.StatusInternalServerError, fmt.Sprintf(
			"the sidecar at %s answered with the gRPC status %s; its log has the details; %s", c.link.target, failed.Code(), progress))
	}
}

func (c *Client) sidecarVersion(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	reply, err := c.link.api.Hello(ctx, c.options.greeting())
	if err != nil || reply.GetSidecarVersion() == "" {
		return "of unknown version"
	}
	return reply.GetSidecarVersion()
}
