package server

// Tables returns how many entries each of a server's tables has that clients can add to.
func Tables(s *Server) map[string]int {
	d, a := s.directory, s.addresses
	d.mu.Lock()
	all := map[string]int{
		"rooms": len(d.rooms), "codes": len(d.codes), "public": len(d.public), "seats": len(d.seats),
		"people": len(d.people), "queue": len(d.queue), "held": len(d.held), "conns": len(d.conns), "owned": len(d.owned),
		"news": len(d.news), "stuck": int(d.stuck.Load()),
	}
	d.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	all["addresses"], all["joins"] = a.table.Len(), a.joins.Len()
	all["greeting"], all["greetAll"] = len(a.greeting), a.greetAll
	return all
}

// WithCores makes so many cores share the work of even a small room.
func WithCores(o Options, cores int) Options {
	o.cores = cores
	return o
}
