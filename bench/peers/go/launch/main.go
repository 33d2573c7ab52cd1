// Runs a program to its end and writes what it cost as JSON into the file that the first argument names: the time from
// its start to its end, the processor time of it and of all that it waited for, and the most memory that one of these held.
package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type cost struct {
	WallMs float64 `json:"ms"`
	CpuMs  float64 `json:"cpuMs"`
	RssMb  float64 `json:"rssMb"`
}

func milliseconds(time syscall.Timeval) float64 {
	return float64(time.Sec)*1000 + float64(time.Usec)/1000
}

func main() {
	program := exec.Command(os.Args[2], os.Args[3:]...)
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, os.Stdout, os.Stderr
	start := time.Now()
	err := program.Run()
	wall := time.Since(start)
	if program.ProcessState == nil {
		panic(err)
	}
	usage := program.ProcessState.SysUsage().(*syscall.Rusage)
	text, _ := json.Marshal(cost{
		WallMs: float64(wall.Microseconds()) / 1000,
		CpuMs:  milliseconds(usage.Utime) + milliseconds(usage.Stime),
		RssMb:  float64(usage.Maxrss) / 1024,
	})
	if err := os.WriteFile(os.Args[1], text, 0o600); err != nil {
		panic(err)
	}
	os.Exit(program.ProcessState.ExitCode())
}
