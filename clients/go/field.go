package client

// The field numbers of the messages that are written and read by hand. Tests compare the result with generated code's.
const (
	fieldClientAck      = 1
	fieldClientFirst    = 2
	fieldClientInputs   = 3
	fieldClientView     = 4
	fieldClientPing     = 5
	fieldClientHello    = 6
	fieldClientCommands = 7
	fieldClientResync   = 8
	fieldClientPace     = 9

	fieldInputValues = 1 // blobs follow

	fieldPingID = 1

	fieldHelloCodecs    = 1
	fieldHelloAgent     = 2
	fieldHelloLastTick  = 3
	fieldHelloLastEvent = 4
	fieldHelloLastInput = 5

	fieldCommandSeq    = 1
	fieldCommandType   = 2
	fieldCommandValues = 3 // blobs follow

	fieldResyncTick   = 1
	fieldResyncReason = 2

	fieldFrameTick     = 1
	fieldFrameBase     = 2
	fieldFrameInputAge = 3
	fieldFrameSlack    = 4
	fieldFrameBody     = 5
	fieldFrameDelta    = 6
	fieldFrameEvents   = 7
	fieldFrameHash     = 8
	fieldFramePong     = 9
	fieldFrameWelcome  = 10
	fieldFrameBye      = 11
	fieldFrameAnswers  = 12
	fieldFrameStride   = 13
	fieldFrameClosing  = 14

	fieldEventSeq    = 1
	fieldEventType   = 2
	fieldEventAge    = 3
	fieldEventValues = 4
	fieldEventBlobs  = 5

	fieldAnswerSeq     = 1
	fieldAnswerRefusal = 2
	fieldAnswerWhy     = 3

	fieldPongID     = 1
	fieldPongHeldUS = 3

	fieldDeltaTables = 1

	fieldTableIndex = 1
	fieldTableGone  = 2
	fieldTableRows  = 3

	fieldRowID         = 1
	fieldRowColumns    = 2
	fieldRowCells      = 3
	fieldRowBlobs      = 4
	fieldRowVelocities = 5
)
